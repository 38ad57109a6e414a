// CMake wants a source file of its own in every executable; all the others come from shared object libraries.
