"""Where stories come from: files once, or a folder, a Pub/Sub subscription or a Kafka topic that goes on."""
