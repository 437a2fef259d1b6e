"""The parts of the window: each binds widgets to the state and holds no logic of its own."""
