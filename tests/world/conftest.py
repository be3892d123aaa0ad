"""Property tests of kernels: the first example may have to compile, so no deadline."""

from hypothesis import settings

settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")
