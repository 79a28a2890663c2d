"""Figures: who came, from which companies and for how long, summed in every way that funders and planners ask for.

Owns how series are accounted for (training type, funder project, provider, price) and the sums of sessions that are
over. Those who only read see sums of at least five, made so that no smaller one can be worked out (decision 017).
Never marks anybody's presence: every sum is a fold over attendance's ledger.
"""
