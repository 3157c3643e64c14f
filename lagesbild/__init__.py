"""The subject: people, templates, rounds, reports and the situation picture.

Frozen values and pure functions, with no framework underneath. The use cases in
`lagesbild.usecases` are the only asynchronous code, and they reach the world
through the Protocols of `lagesbild.ports` alone.
"""
