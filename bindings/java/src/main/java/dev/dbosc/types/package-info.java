/**
 * Requests with their builders, replies as records, and {@link dev.dbosc.types.Json}. Made from the
 * library's own description of its API: a key is documented where it is set, or read.
 */
package dev.dbosc.types;
