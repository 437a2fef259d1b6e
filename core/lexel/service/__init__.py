"""The query service: fields, answers and jobs for other programs of the same computer.

`protocol` and `client` need numpy and the standard library only: the Blender extension carries
copies of them.
"""
