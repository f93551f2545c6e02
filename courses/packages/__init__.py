"""Course packages from outside: read as hostile, checked whole, unpacked into private storage.

``unpacking.unpack`` is the one door. A further kind is a reader of its manifest in ``unpacking.READERS``.
"""
