package dev.heddle.graph.types;

/** What a node returns: an {@link Update}, or a {@link Command} that also says where to go. */
public sealed interface NodeResult permits Update, Command {}
