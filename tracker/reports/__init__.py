"""Measures turned into SQL, and the papers made of them."""
