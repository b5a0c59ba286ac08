/// From files to targets: finds the workspace and its packages, evaluates BUILD files, checks every
/// argument against its rule, and expands target patterns. Knows rules by their declarations only
/// and never calls one.
@NullMarked
package dev.athanor.engine.loading;

import org.jspecify.annotations.NullMarked;
