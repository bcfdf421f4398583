// What the tests validate, in the words of Slack's own types. They know no lengths; `bot.slack.checks` does.
import type {
  AnyChunk, BlocksChunk, HomeView, KnownBlock, ModalView, PlanBlock, SlackEvent, TaskCardBlock,
} from '@slack/types';
import type * as w from '@slack/web-api';
import type { Manifest } from '@slack/web-api/dist/types/request/manifest';

// A plan's tasks are loosely typed there: any object would do.
type StrictPlan = Omit<PlanBlock, 'tasks'> & { tasks?: TaskCardBlock[] };
type StrictBlocks = (Exclude<KnownBlock, PlanBlock> | StrictPlan)[];
type StrictBlocksChunk = Omit<BlocksChunk, 'blocks'> & { blocks: StrictBlocks };

export interface Shapes {
  blocks: StrictBlocks;
  chunks: (Exclude<AnyChunk, BlocksChunk> | StrictBlocksChunk)[];
  home: HomeView;
  modal: ModalView;
  event: SlackEvent;
  manifest: Manifest;
}

export interface Calls {
  'agents.sessions.rename': w.AgentsSessionsRenameArguments;
  'agents.sessions.setStatus': w.AgentsSessionsSetStatusArguments;
  'apps.connections.open': w.AppsConnectionsOpenArguments;
  'assistant.threads.setStatus': w.AssistantThreadsSetStatusArguments;
  'assistant.threads.setSuggestedPrompts': w.AssistantThreadsSetSuggestedPromptsArguments;
  'assistant.threads.setTitle': w.AssistantThreadsSetTitleArguments;
  'auth.test': w.AuthTestArguments;
  'bots.info': w.BotsInfoArguments;
  'chat.appendStream': w.ChatAppendStreamArguments;
  'chat.delete': w.ChatDeleteArguments;
  'chat.getPermalink': w.ChatGetPermalinkArguments;
  'chat.postEphemeral': w.ChatPostEphemeralArguments;
  'chat.postMessage': w.ChatPostMessageArguments;
  'chat.startStream': w.ChatStartStreamArguments;
  'chat.stopStream': w.ChatStopStreamArguments;
  'chat.update': w.ChatUpdateArguments;
  'reactions.add': w.ReactionsAddArguments;
  'reactions.remove': w.ReactionsRemoveArguments;
  'team.info': w.TeamInfoArguments;
  'usergroups.list': w.UsergroupsListArguments;
  'usergroups.users.list': w.UsergroupsUsersListArguments;
  'users.info': w.UsersInfoArguments;
  'users.list': w.UsersListArguments;
  'users.lookupByEmail': w.UsersLookupByEmailArguments;
  'views.open': w.ViewsOpenArguments;
  'views.publish': w.ViewsPublishArguments;
  'views.push': w.ViewsPushArguments;
  'views.update': w.ViewsUpdateArguments;
}

// Apart, since their types have names that types of the calls above have too.
export interface OtherCalls {
  'conversations.history': w.ConversationsHistoryArguments;
  'conversations.info': w.ConversationsInfoArguments;
  'conversations.list': w.ConversationsListArguments;
  'conversations.members': w.ConversationsMembersArguments;
  'conversations.open': w.ConversationsOpenArguments;
  'conversations.replies': w.ConversationsRepliesArguments;
  'files.info': w.FilesInfoArguments;
}
