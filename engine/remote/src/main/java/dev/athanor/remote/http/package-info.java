/// The cache protocol of Bazel over plain HTTP: `GET`, `HEAD` and `PUT` of `ac/` and `cas/` below
/// an address, which web servers speak of themselves.
@NullMarked
package dev.athanor.remote.http;

import org.jspecify.annotations.NullMarked;
