package dev.athanor.engine.bzl;

import dev.athanor.engine.UserException;
import dev.athanor.engine.action.Artifact;
import dev.athanor.engine.rule.ConfiguredTarget;
import dev.athanor.engine.rule.DefaultInfo;
import dev.athanor.engine.rule.Provider;
import dev.athanor.engine.rule.Providers;
import dev.athanor.engine.rule.Rule;
import dev.athanor.engine.rule.RuleContext;
import dev.athanor.engine.rule.Toolbox;
import dev.athanor.engine.starlark.value.Callable;
import dev.athanor.engine.starlark.value.EvalError;
import dev.athanor.engine.starlark.value.None;
import dev.athanor.engine.starlark.value.Sequence;
import dev.athanor.engine.starlark.value.Starlark;
import dev.athanor.engine.starlark.value.StarlarkThread;
import dev.athanor.engine.test.TestRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls the function behind a user rule for one target, and makes providers of what it returns.
///
/// @param executable whether the function must name an executable
/// @param test whether that is a test
record UserRuleCall(
    String rule,
    Callable function,
    Map<String, AttrValue> attributes,
    boolean executable,
    boolean test,
    Toolbox toolbox)
    implements Rule.Implementation {

  @Override
  public Providers analyze(RuleContext context) {
    try (StarlarkThread thread = thread(context)) {
      checkDependencies(context);
      CtxValue ctx = CtxValue.of(context, attributes, toolbox, executable);
      Object returned = thread.call(function, List.of(ctx), Map.of());
      return providers(context, ctx, returned);
    } catch (EvalError e) {
      throw new UserException("in " + context.label() + " (" + rule + "): " + e.format(), "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted while analysing " + context.label(), "", e);
    }
  }

  private static StarlarkThread thread(RuleContext context) {
    return StarlarkThread.builder()
        .printHandler((thread, message) ->
            context.say(StarlarkThread.located(thread.callerLocation(), message)))
        .build();
  }

  private void checkDependencies(RuleContext context) throws EvalError {
    for (Map.Entry<String, AttrValue> attribute : attributes.entrySet()) {
      String name = attribute.getKey();
      AttrValue declared = attribute.getValue();
      List<ConfiguredTarget> dependencies = CtxValue.dependencies(context, name, declared);
      for (ConfiguredTarget dependency : dependencies) {
        for (Object provider : declared.providers()) {
          if (!new TargetValue(dependency).contains(provider)) {
            throw context.error(
                name,
                dependency.label()
                    + " ("
                    + dependency.rule()
                    + ") does not provide "
                    + Starlark.repr(provider),
                "");
          }
        }
        if (declared.singleFile() && dependency.providers().defaultInfo().files().size() != 1) {
          throw context.error(
              name,
              dependency.label()
                  + " must be exactly one file, it is "
                  + dependency.providers().defaultInfo().files().size(),
              "");
        }
      }
      if (declared.notEmpty() && CtxValue.isEmpty(context, name)) {
        throw context.error(name, "must not be empty", "");
      }
    }
  }

  private Providers providers(RuleContext context, CtxValue ctx, Object returned) throws EvalError {
    List<Object> values =
        switch (returned) {
          case None _ -> List.of();
          case Sequence list -> List.of(Starlark.toArray(list));
          default -> List.of(returned);
        };
    List<Provider> providers = new ArrayList<>();
    BuiltinProvider.Part parts = BuiltinProvider.NOTHING;
    for (Object value : values) {
      switch (value) {
        case BuiltinProvider.Part part -> parts = parts.and(part);
        case UserInfo info -> providers.add(info);
        case NativeProvider.Made made -> providers.add(made.provider());
        default ->
            throw new EvalError(
                "the rule must return a list of providers, not of values of type "
                    + Starlark.type(value));
      }
    }
    DefaultInfo info = defaultInfo(context, ctx, parts);
    providers.add(info);
    if (test) {
      providers.add(
          TestRule.declare(
              context,
              info.executable().orElseThrow(),
              context.attributes().strings("args"),
              info.runfiles(),
              toolbox.host(),
              toolbox.env()));
    }
    try {
      return Providers.of(providers);
    } catch (IllegalArgumentException e) {
      throw new EvalError("the rule returns a provider twice", e);
    }
  }

  private DefaultInfo defaultInfo(RuleContext context, CtxValue ctx, BuiltinProvider.Part parts)
      throws EvalError {
    Optional<Artifact> program = parts.executable().or(ctx::usedExecutable);
    if (executable && program.isEmpty()) {
      throw new EvalError(
          context.label()
              + ": an executable rule must write ctx.outputs.executable or name one in DefaultInfo");
    }
    List<Artifact> files =
        parts
            .files()
            .orElseGet(() -> program.isPresent() ? program.stream().toList() : ctx.outputs());
    return new DefaultInfo(files, program, parts.runfiles(), parts.groups());
  }
}
