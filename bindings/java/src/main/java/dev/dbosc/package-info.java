/**
 * A client for DBOS applications: start durable workflows, wait for their results, send them
 * messages, look at them and manage them. {@link dev.dbosc.Client} is where to begin; what its
 * operations take and give is in {@link dev.dbosc.types}.
 */
package dev.dbosc;
