"""What a whole RUN does: the effects of its calls, united. Used by the graph and by the checker."""
