package io.callsync.outbox;

import io.debezium.connector.base.QueueProvider;
import io.debezium.connector.base.QueueProviderService;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's Postgres connector with another way of waiting. Its own waits poll.interval.ms in two
 * places: between looks at the socket, and for a batch to fill, where it spins through the last
 * millisecond. A short interval burns half a core while nothing happens, a long one delays every
 * event. Here the look at the socket has its own rhythm; poll.interval.ms can be long, since with
 * max.batch.size 1 a record is handed over at once, and the task takes along what else is there.
 */
public final class PromptConnector extends PostgresConnector {

  @Override
  public Class<? extends Task> taskClass() {
    return PromptTask.class;
  }

  /** The task that looks often while there is traffic and less often when it has been quiet. */
  public static final class PromptTask extends PostgresConnectorTask {

    private static final int TAKEN_ALONG = 500;

    private volatile @Nullable QueueProvider<?> queue;

    @Override
    protected ReplicationConnection buildReplicationConnection(
        PostgresConnection jdbcConnection, PostgresSchema schema, PostgresConnectorConfig config)
        throws SQLException {
      queue =
          config.getServiceRegistry().tryGetService(QueueProviderService.class).getQueueProvider();
      return new PromptConnection(super.buildReplicationConnection(jdbcConnection, schema, config));
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
      List<SourceRecord> records = super.doPoll();
      QueueProvider<?> waiting = queue;
      // Only this thread takes from the queue, so that what is counted there is there.
      while (waiting != null
          && !records.isEmpty()
          && records.size() < TAKEN_ALONG
          && waiting.size() > 0) {
        records.addAll(super.doPoll());
      }
      return records;
    }
  }

  private record PromptConnection(ReplicationConnection connection)
      implements ReplicationConnection {

    @Override
    public ReplicationStream startStreaming(WalPositionLocator position)
        throws SQLException, InterruptedException {
      return new PromptStream(connection.startStreaming(position));
    }

    @Override
    public ReplicationStream startStreaming(Lsn offset, WalPositionLocator position)
        throws SQLException, InterruptedException {
      return new PromptStream(connection.startStreaming(offset, position));
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() throws SQLException {
      return connection.createReplicationSlot();
    }

    @Override
    public void initConnection() throws SQLException, InterruptedException {
      connection.initConnection();
    }

    @Override
    public boolean isConnected() throws SQLException {
      return connection.isConnected();
    }

    @Override
    public void reconnect() throws SQLException {
      connection.reconnect();
    }

    @Override
    public void close() throws Exception {
      connection.close();
    }
  }

  private static final class PromptStream implements ReplicationStream {

    private static final long BUSY_FOR = 1_000_000_000;
    private static final long BUSY_PAUSE = 500_000;
    private static final long QUIET_PAUSE = 4_000_000;
    private static final int LOOKS = 16;

    private final ReplicationStream stream;
    private long lastMessage = System.nanoTime();

    PromptStream(ReplicationStream stream) {
      this.stream = stream;
    }

    /**
     * Waits for a message for a while. Returns true also without one, since Debezium would answer
     * false with a pause of poll.interval.ms.
     */
    @Override
    public boolean readPending(ReplicationMessageProcessor processor)
        throws SQLException, InterruptedException {
      for (int look = 0; look < LOOKS; look++) {
        if (stream.readPending(processor)) {
          lastMessage = System.nanoTime();
          return true;
        }
        LockSupport.parkNanos(
            System.nanoTime() - lastMessage < BUSY_FOR ? BUSY_PAUSE : QUIET_PAUSE);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      return true;
    }

    @Override
    public void read(ReplicationMessageProcessor processor)
        throws SQLException, InterruptedException {
      stream.read(processor);
    }

    @Override
    public void flushLsn(Lsn lsn) throws SQLException {
      stream.flushLsn(lsn);
    }

    @Override
    public Lsn lastReceivedLsn() {
      return stream.lastReceivedLsn();
    }

    @Override
    public Lsn startLsn() {
      return stream.startLsn();
    }

    @Override
    public void startKeepAlive(ExecutorService service) {
      stream.startKeepAlive(service);
    }

    @Override
    public void stopKeepAlive() {
      stream.stopKeepAlive();
    }

    @Override
    public void close() throws Exception {
      stream.close();
    }
  }
}
