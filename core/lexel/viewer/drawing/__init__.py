"""Points and meshes as images of ids, and ids as colours: numpy, no window, no graphics card.

A camera's view is drawn once, as an image of point ids and depths; a keystroke looks colours up
for its pixels. A plain numpy z-buffer does so at 5 ns a point (`benchmarks/README.md`).
"""
