package dev.athanor.engine.starlark.value;

/// The type of the value `None`.
public enum None implements Value {
  NONE;

  @Override
  public String type() {
    return "NoneType";
  }

  @Override
  public void repr(Printer printer) {
    printer.append("None");
  }

  @Override
  public boolean truth() {
    return false;
  }

  @Override
  public String toString() {
    return "None";
  }
}
