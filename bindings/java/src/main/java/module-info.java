/** A client for DBOS system databases (Postgres, SQLite). */
module dev.dbosc {
  requires transitive com.fasterxml.jackson.databind;
  requires static transitive java.sql;

  exports dev.dbosc;
  exports dev.dbosc.types;
}
