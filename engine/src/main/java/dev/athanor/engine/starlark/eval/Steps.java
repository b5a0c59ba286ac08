package dev.athanor.engine.starlark.eval;

import dev.athanor.engine.starlark.lib.Attributes;
import dev.athanor.engine.starlark.syntax.BinaryOperator;
import dev.athanor.engine.starlark.syntax.Spelling;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.Exports;
import dev.athanor.engine.starlark.value.Indexing;
import dev.athanor.engine.starlark.value.Operators;
import dev.athanor.engine.starlark.value.Starlark;

/// Statements that are no loops.
@SuppressWarnings("ArrayRecordComponent") // never compared, and the arrays never leave
final class Steps {
  private Steps() {}

  record Block(Step[] steps) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      for (Step step : steps) {
        frame.thread.step();
        Signal signal = step.exec(frame);
        if (signal != Signal.NEXT) {
          return signal;
        }
      }
      return Signal.NEXT;
    }
  }

  /// `pass`, `break` or `continue`.
  record Jump(Signal signal) implements Step {
    @Override
    public Signal exec(Frame frame) {
      return signal;
    }
  }

  record Return(Code value) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      frame.result = value.eval(frame);
      return Signal.RETURN;
    }
  }

  record Evaluate(Code code) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      code.eval(frame);
      return Signal.NEXT;
    }
  }

  record Assign(Target target, Code value) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      target.assign(frame, value.eval(frame));
      return Signal.NEXT;
    }
  }

  /// The first body whose condition holds, else the last one.
  record If(Code[] conditions, Step[] bodies, Step otherwise) implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      for (int i = 0; i < conditions.length; i++) {
        if (Starlark.truth(conditions[i].eval(frame))) {
          return bodies[i].exec(frame);
        }
      }
      return otherwise.exec(frame);
    }
  }

  /// `name op= value`.
  record AugmentName(Code name, Target target, BinaryOperator operator, Code value, int position)
      implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      Object left = name.eval(frame);
      Object right = value.eval(frame);
      if (operator == BinaryOperator.ADD && left instanceof Long a && right instanceof Long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) >= 0) {
          target.assign(frame, sum);
          return Signal.NEXT;
        }
      }
      frame.position = position;
      target.assign(frame, Operators.augment(frame.thread, operator, left, right));
      return Signal.NEXT;
    }
  }

  /// `object[key] op= value`.
  record AugmentIndex(Code object, Code key, BinaryOperator operator, Code value, int position)
      implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      Object container = object.eval(frame);
      Object at = key.eval(frame);
      frame.position = position;
      Object left = Indexing.get(container, at);
      Object right = value.eval(frame);
      frame.position = position;
      Object result = Operators.augment(frame.thread, operator, left, right);
      Indexing.set(container, at, result);
      return Signal.NEXT;
    }
  }

  /// `object.field op= value`.
  record AugmentField(Code object, String field, BinaryOperator operator, Code value, int position)
      implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      Object holder = object.eval(frame);
      frame.position = position;
      Object left = Attributes.get(holder, field);
      Object right = value.eval(frame);
      frame.position = position;
      Attributes.set(holder, field, Operators.augment(frame.thread, operator, left, right));
      return Signal.NEXT;
    }
  }

  /// `load(module, names...)`.
  record Load(String module, String[] names, int[] positions, Target[] targets, int position)
      implements Step {
    @Override
    public Signal exec(Frame frame) throws EvalError, InterruptedException {
      frame.position = position;
      Exports exports = frame.thread.load(module);
      for (int i = 0; i < names.length; i++) {
        Object value = exports.get(names[i]);
        if (value == null) {
          frame.position = positions[i];
          throw new EvalError(
              "'"
                  + module
                  + "' does not define '"
                  + names[i]
                  + "'"
                  + Spelling.hint(names[i], exports.names()));
        }
        targets[i].assign(frame, value);
      }
      return Signal.NEXT;
    }
  }
}
