#!/usr/bin/env bash
# Runs an unmodified Tomcat that serves a folder by sendfile. JVM options, an agent among them, come from CATALINA_OPTS as always.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"

usage() {
  cat <<'END'
usage: CATALINA_OPTS="..." run.sh [OPTION VALUE]...
  --root DIR     folder to serve (default: the current one)
  --port PORT    port to listen on, 0 for any that is free (default: 8080)
  --keystore FILE, --password PASSWORD
                 key and certificate, PKCS#12: HTTPS instead of HTTP
  --tls ENGINE   who encrypts: jsse, the JDK, or openssl, by the system's libssl on JDK 22 and later (default: jsse)
  --timeout MILLIS
                 connectionTimeout: who takes nothing for so long is cut off (default: 600000; Tomcat's own: 20000)
  --tomcat DIR   an unpacked Tomcat 10.1 or 11 (default: target/tomcat-11, which mvn -DskipTests package brings)
END
}

root="$PWD"
port=8080
keystore=
password=
tls=jsse
timeout=600000
tomcat="$here/target/tomcat-11"
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --root | --port | --keystore | --password | --tls | --timeout | --tomcat)
      if [ $# -lt 2 ]; then
        echo "run.sh: $1 needs a value" >&2
        exit 2
      fi
      declare "${1#--}=$2"
      shift 2 ;;
    *) usage >&2; exit 2 ;;
  esac
done
if [ ! -x "$tomcat/bin/catalina.sh" ]; then
  echo "run.sh: no Tomcat in $tomcat: mvn -B -DskipTests package" >&2
  exit 1
fi
case "$tls" in
  jsse) engine=org.apache.tomcat.util.net.jsse.JSSEImplementation ;;
  openssl) engine=org.apache.tomcat.util.net.openssl.panama.OpenSSLImplementation ;;
  *) echo "run.sh: --tls $tls: allowed are jsse and openssl" >&2; exit 2 ;;
esac
config=server.xml
if [ -n "$keystore" ]; then
  config=server-tls.xml
  keystore="$(realpath "$keystore")"
fi

export CATALINA_HOME="$tomcat"
export CATALINA_BASE="$here/base"
export CATALINA_TMPDIR="$tomcat/temp"
# catalina.sh lets the shell read its options once more, so they may hold quotes.
export CATALINA_OPTS="${CATALINA_OPTS:-} -Dexample.root='$(realpath "$root")' -Dexample.port='$port' -Dexample.timeout='$timeout'"
CATALINA_OPTS="$CATALINA_OPTS -Dexample.keystore='$keystore' -Dexample.password='$password' -Dexample.engine=$engine"
exec "$tomcat/bin/catalina.sh" run -config "conf/$config"
