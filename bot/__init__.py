"""The edge: Teams, HTTP and the clock. The only package that knows botbuilder, aiohttp or DBOS."""
