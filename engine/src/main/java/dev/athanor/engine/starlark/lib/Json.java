package dev.athanor.engine.starlark.lib;

import dev.athanor.engine.starlark.value.BoundArguments;
import dev.athanor.engine.starlark.value.Builtin;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.StarlarkThread;
import java.util.Map;

/// The module `json`: `encode`, `encode_indent`, `indent` and `decode`.
public final class Json {
  public static final Struct MODULE =
      Struct.of(
          "json",
          Map.of(
              "encode", Builtin.of("json.encode", "x", Json::encode),
              "encode_indent",
                  Builtin.of(
                      "json.encode_indent", "x, *, prefix='', indent='\t'", Json::encodeIndent),
              "indent", Builtin.of("json.indent", "s, *, prefix='', indent='\t'", Json::indent),
              "decode", Builtin.of("json.decode", "x, default=unset", Json::decode)));

  private Json() {}

  private static Object encode(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return charged(thread, JsonEncoder.encode(arguments.at(0)));
  }

  private static Object encodeIndent(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return indent(thread, JsonEncoder.encode(arguments.at(0)), arguments);
  }

  private static Object indent(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    String text = arguments.string("s");
    try {
      new JsonDecoder(text, thread).decode();
    } catch (JsonDecoder.Malformed e) {
      throw new EvalError("json.indent: " + e.problem());
    }
    return indent(thread, text, arguments);
  }

  private static String indent(StarlarkThread thread, String json, BoundArguments arguments)
      throws EvalError, InterruptedException {
    return charged(
        thread, JsonEncoder.indent(json, arguments.string("prefix"), arguments.string("indent")));
  }

  private static Object decode(StarlarkThread thread, BoundArguments arguments)
      throws EvalError, InterruptedException {
    String text = arguments.string("x");
    Object fallback = arguments.find(1);
    thread.work(text.length() >> 2);
    try {
      return new JsonDecoder(text, thread).decode();
    } catch (JsonDecoder.Malformed e) {
      if (fallback != null) {
        return fallback;
      }
      throw new EvalError("json.decode: " + e.problem());
    }
  }

  private static String charged(StarlarkThread thread, String text)
      throws EvalError, InterruptedException {
    thread.work(text.length() >> 2);
    thread.allocate(text.length());
    return text;
  }
}
