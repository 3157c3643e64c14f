"""The only folder that knows Microsoft's Bot Framework: replacing the library touches this folder alone.

Inwards, a request becomes a plain event:

- `keys`            the signing keys of whom we believe, refreshed when an unknown key turns up
- `authentication`  the token of a request: really verified, and which service URL it vouches for
- `adapter`         one request = one botbuilder turn, with a right status code for every wrong request
- `parse`           an activity as Teams sends it -> an event; with `fields` and `text`
- `activities`      the events, and the `Reply` to them: frozen values, no botbuilder type
- `replies`         a `Reply` -> the body of an invoke's answer

Outwards, an activity goes to Teams:

- `messages`        a card, a text or a `Reply` -> an activity to send
- `tokens`          access tokens: cached, renewed ahead of time, fetched once for many who wait
- `connector`       the Bot Connector's calls over one pooled HTTP session
- `faults`          what a refusal means: wait, stop, forget, shorten, try again, give up
- `clients`         what a turn answers with, kept per service URL
"""
