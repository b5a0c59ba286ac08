package dev.athanor.oci.action;

import dev.athanor.engine.action.ActionType;

/// An action type of this module: what names it, as values.
abstract class OciAction implements ActionType {
  private final String id;
  private final int version;
  private final Resource resource;

  OciAction(String id, int version, Resource resource) {
    this.id = id;
    this.version = version;
    this.resource = resource;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final int version() {
    return version;
  }

  @Override
  public final Resource resource() {
    return resource;
  }
}
