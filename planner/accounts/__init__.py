"""Signing in, roles in organisations, and one-time links; fills `g.viewer`, and nobody else imports it for that.

Words: a *user* has an account; a *role* is held in an organisation; a *sign-in* is one browser's stay, kept on the
server so that it can be ended there; a *one-time link* signs in, resets a password or accepts an invitation.
Companies and participants have no account: their personal links belong to persons and are checked where used.
"""
