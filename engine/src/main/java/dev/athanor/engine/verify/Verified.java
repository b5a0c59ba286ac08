package dev.athanor.engine.verify;

import dev.athanor.engine.label.Label;
import java.time.Duration;

/// One action of a build, and what became of its verification.
///
/// @param number of the action in the plan
/// @param description of the action, as [dev.athanor.engine.action.Action#describe] has it
/// @param output the first of its outputs, which names it
/// @param runs how often it ran again
/// @param wall how long these runs took, and what came between them
public record Verified(
    int number,
    Label owner,
    String description,
    String output,
    Verdict verdict,
    int runs,
    Duration wall) {}
