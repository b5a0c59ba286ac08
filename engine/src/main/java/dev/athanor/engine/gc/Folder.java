package dev.athanor.engine.gc;

import java.nio.file.Path;

/// A folder each of whose entries is an [Item], last used when its modification time says.
public record Folder(Kind kind, Path path) {}
