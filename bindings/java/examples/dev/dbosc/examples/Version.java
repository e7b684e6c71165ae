package dev.dbosc.examples;

import dev.dbosc.Client;

/** Prints the library's version: that the native part in the jar is found. */
public final class Version {
  private Version() {}

  /**
   * Runs it.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    System.out.println(Client.libraryVersion());
  }
}
