"""Public libraries in which nobody's services are: a fat jar is mostly these, and what is not read costs nothing."""

# Starts of class names (`org/slf4j/Logger`). org/apache/dubbo/ as a whole is not here: samples live below it.
_NAMES = """
    brave/ ch/qos/ groovy/ jakarta/ javassist/ javax/ kotlin/ kotlinx/ net/bytebuddy/ net/sf/ okhttp3/ okio/ oracle/
    reactor/ redis/ rx/ scala/ software/amazon/ springfox/ zipkin2/
    com/alibaba/com/caucho/ com/alibaba/csp/ com/alibaba/druid/ com/alibaba/fastjson com/alibaba/nacos/ com/aliyun/
    com/amazonaws/ com/baomidou/ com/ctrip/framework/ com/fasterxml/ com/github/ com/google/ com/mysql/ com/netflix/
    com/sun/ com/xxl/ com/zaxxer/
    io/grpc/ io/lettuce/ io/micrometer/ io/netty/ io/opentelemetry/ io/opentracing/ io/prometheus/ io/seata/ io/swagger/
    org/apache/catalina/ org/apache/commons/ org/apache/coyote/ org/apache/curator/ org/apache/hadoop/ org/apache/hc/
    org/apache/dubbo/common/ org/apache/dubbo/config/ org/apache/dubbo/metadata/ org/apache/dubbo/qos/
    org/apache/dubbo/registry/ org/apache/dubbo/remoting/ org/apache/dubbo/rpc/ org/apache/dubbo/tracing/
    org/apache/http/ org/apache/ibatis/ org/apache/jute/ org/apache/kafka/ org/apache/logging/ org/apache/lucene/
    org/apache/poi/ org/apache/rocketmq/ org/apache/tomcat/ org/apache/xmlbeans/ org/apache/zookeeper/
    org/aspectj/ org/bouncycastle/ org/codehaus/ org/eclipse/ org/elasticsearch/ org/hibernate/ org/influxdb/
    org/jboss/ org/json/ org/junit/ org/mybatis/ org/objectweb/ org/openxmlformats/ org/redisson/ org/slf4j/
    org/springframework/ org/xerial/ org/yaml/
"""
LIBRARIES = tuple(_NAMES.split())
