# One image for each module, from the jars that ./mvnw package has built:
#   docker build --build-arg MODULE=booking-gateway --tag callsync/booking-gateway .

FROM eclipse-temurin:25-jre AS unpacked
ARG MODULE
WORKDIR /unpacked
COPY ${MODULE}/target/ built/
COPY deploy/image/ image/
RUN bash image/unpack built layers

# What changes seldom comes first, so that a new version of ours is one small layer.
FROM eclipse-temurin:25-jre
ARG MODULE
WORKDIR /app
COPY --from=unpacked /unpacked/layers/dependencies/ ./
COPY --from=unpacked /unpacked/image/ image/
COPY --from=unpacked /unpacked/layers/application/ ./
# What is loaded at every start, kept as it lies in memory; and where a volume may be mounted.
RUN bash image/train ${MODULE} && install --directory --owner=10001 --group=10001 /data

USER 10001:10001
ENV SERVER_ADDRESS=0.0.0.0 SERVER_PORT=8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["bash", "/app/image/is-healthy"]
ENTRYPOINT ["java", "@/app/image/jvm.options", "-XX:AOTCache=/app/app.aot", "-jar", "/app/app.jar"]
