package dev.athanor.engine.session;

import dev.athanor.engine.plan.WantedTarget;
import dev.athanor.engine.rule.ConfiguredTarget;
import java.util.function.Function;

/// What a command wants to be made of the targets that it is given.
///
/// @param name of the command; equal names mean equal choices
/// @param choose what of a target is wanted; all artifacts of the outcome are made
public record Goal(String name, Function<ConfiguredTarget, WantedTarget> choose) {}
