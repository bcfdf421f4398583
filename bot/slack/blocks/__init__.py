"""
The only writer of Block Kit: parts of a page in, messages and views out.

Nothing that somebody else wrote is ever parsed by Slack: there is no `mrkdwn` here, texts
are `plain_text` or `rich_text`, and the Markdown of a stream is escaped. Only the address
of a citation becomes a link.
"""
