// Reads topics from the start to where they end now and prints each record as one line of JSON.
// usage: node read-topics.mjs KAFKA_BOOTSTRAP REGISTRY_BASE TOPIC...
import kafkajs from 'kafkajs';
import confluent from '@kafkajs/confluent-schema-registry';

const [bootstrap, registryBase, ...topics] = process.argv.slice(2);
const kafka = new kafkajs.Kafka({
  clientId: 'foreign-consumer',
  brokers: [bootstrap],
  logLevel: kafkajs.logLevel.NOTHING,
});
const registry = new confluent.SchemaRegistry({ host: registryBase });

const admin = kafka.admin();
await admin.connect();
const missing = new Map();
for (const topic of topics) {
  for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
    if (Number(high) > Number(low)) {
      missing.set(`${topic}-${partition}`, Number(high) - 1);
    }
  }
}
await admin.disconnect();

const consumer = kafka.consumer({ groupId: `foreign-consumer-${process.pid}-${Date.now()}` });
await consumer.connect();
await consumer.subscribe({ topics, fromBeginning: true });
const done = new Promise((resolve) => {
  if (missing.size === 0) {
    resolve();
  }
  consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const value = message.value === null ? null : await registry.decode(message.value);
      const key = message.key === null ? null : message.key.toString();
      console.log(JSON.stringify({ topic, partition, offset: Number(message.offset), key, value }));
      if (Number(message.offset) >= missing.get(`${topic}-${partition}`)) {
        missing.delete(`${topic}-${partition}`);
        if (missing.size === 0) {
          resolve();
        }
      }
    },
  });
});
await done;
await consumer.disconnect();
