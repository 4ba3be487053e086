package io.callsync.gateway.predecessor;

/**
 * Something wrong in the old data. Nothing in it is personal.
 *
 * @param id the row's old id
 */
record Finding(OldTable table, String id, Trouble trouble) {

  static Finding of(OldTable table, long id, Trouble trouble) {
    return new Finding(table, String.valueOf(id), trouble);
  }

  String subject() {
    return table.word() + ":" + id;
  }
}
