/// Rules, providers, depsets and their kin for users to write in the build language: the names that
/// .bzl files find defined. Knows rules and actions, but not how packages are loaded.
@NullMarked
package dev.athanor.engine.bzl;

import org.jspecify.annotations.NullMarked;
