/// Determinism for JUnit tests: [Athanor] is a workspace to build in, [Determinism] asserts what
/// holds of its targets and actions, and [AthanorExtension] gives workspaces to tests. Published
/// for other people's tests; what is public here stays.
@NullMarked
package dev.athanor.testing;

import org.jspecify.annotations.NullMarked;
