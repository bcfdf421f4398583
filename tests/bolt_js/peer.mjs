// Bolt for JavaScript as a receiver of Slack's requests: it listens to what our door answers, and does nothing.
// usage: SLACK_SIGNING_SECRET=… node peer.mjs -> prints the port that it listens on.
import bolt from '@slack/bolt';

const { App, HTTPReceiver, LogLevel } = bolt;
const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  endpoints: '/slack/events',
  logLevel: LogLevel.ERROR,
});
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' }),
});
app.event('app_mention', async () => {});
app.command('/kb', async ({ ack }) => {
  await ack('done');
});
const server = await app.start({ port: 0, host: '127.0.0.1' });
console.log(server.address().port);
