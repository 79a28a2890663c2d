"""Long work that somebody waits for: a file made piece by piece by the worker, while a page shows how far it is.

A *job* is a row written in the transaction of whoever asked for it; its *kind* is a function that a room above
registers (in its `work`), and gives the *pieces* of the file one after the other. Each piece is kept together with how
far the job has come, so a worker that dies loses the piece it was making and nothing else. A finished file is there
for a day. It never knows what a file is about.
"""
