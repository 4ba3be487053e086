package io.callsync.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/**
 * Debezium's offset, which here always begins at the slot's own position: without an offset
 * Debezium would begin at the end of the log and skip what was written since the slot's position.
 * Nothing is stored, since the slot and the relay's row say it all.
 */
public final class KnownStart extends MemoryOffsetBackingStore {

  static final String FROM = "callsync.from.lsn";

  private ByteBuffer start = ByteBuffer.allocate(0);

  @Override
  public void configure(WorkerConfig config) {
    super.configure(config);
    // Only lsn: with lsn_proc Debezium would first read through the log to find its place.
    String from = config.originalsStrings().get(FROM);
    start = ByteBuffer.wrap("{\"lsn\":%s,\"lsn_commit\":%s}".formatted(from, from).getBytes(UTF_8));
  }

  @Override
  public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
    return CompletableFuture.supplyAsync(() -> withStart(keys), executor);
  }

  private Map<ByteBuffer, ByteBuffer> withStart(Collection<ByteBuffer> keys) {
    var offsets = new HashMap<ByteBuffer, ByteBuffer>();
    keys.forEach(key -> offsets.put(key, data.getOrDefault(key, start.duplicate())));
    return offsets;
  }

  @Override
  public Set<Map<String, Object>> connectorPartitions(String connectorName) {
    return Set.of();
  }
}
