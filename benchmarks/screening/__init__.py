"""Many cases at once: our screening beside engines that do the same work."""
