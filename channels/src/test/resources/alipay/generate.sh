#!/bin/sh
# Makes the certificates and keys in this directory: a small copy of Alipay's hierarchy, for tests only. Nothing here is,
# or was, in use anywhere. The certificates are valid for a hundred years, so that this runs once.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() { openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:"${2:-2048}" -out "$1"; }

# root NAME KEY_FILE CN [OPTIONS]
root() {
  name=$1 key=$2 cn=$3
  shift 3
  openssl req -x509 -new -key "$key" -days 36500 -subj "/C=CN/O=Test Financial/OU=Certification Authority/CN=$cn" \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' "$@" -out "$work/$name"
}

# issue NAME KEY_FILE SUBJECT ISSUER ISSUER_KEY EXTENSIONS [OPTIONS]
issue() {
  name=$1 key=$2 subject=$3 issuer=$4 issuer_key=$5 extensions=$6
  shift 6
  openssl req -new -utf8 -key "$key" -subj "$subject" -out "$work/csr"
  printf '%s\n' "$extensions" >"$work/extensions"
  openssl x509 -req -in "$work/csr" -CA "$issuer" -CAkey "$issuer_key" -extfile "$work/extensions" \
    -out "$work/$name" "$@" 2>/dev/null
}

authority='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign'
end='keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment'

# The roots, in the mixture that Alipay ships: one with SM2, two with RSA, one with an elliptic curve.
openssl genpkey -quiet -algorithm SM2 -out "$work/s1.key"
key "$work/r1.key"
key "$work/r2.key"
key "$work/foreign.key"
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/e1.key"
root s1 "$work/s1.key" 'Test Authority S1' -sm3 -sigopt distid:1234567812345678
root r1 "$work/r1.key" 'Test Authority R1'
root e1 "$work/e1.key" 'Test Authority E1'
root r2 "$work/r2.key" 'Test Authority R2'
root foreign "$work/foreign.key" 'Test Authority R1'
cat "$work/s1" "$work/r1" "$work/e1" "$work/r2" >roots.pem

key "$work/class2.key"
issue class2 "$work/class2.key" '/C=CN/O=Test Financial/OU=Certification Authority/CN=Test Authority Class 2 R1' \
  "$work/r1" "$work/r1.key" "$authority" -days 36400 -set_serial 8491620495867389746
issue foreign2 "$work/class2.key" '/C=CN/O=Test Financial/OU=Certification Authority/CN=Test Authority Class 2 R1' \
  "$work/foreign" "$work/foreign.key" "$authority" -days 36400

key application.key
key alipay.key
key alipay-next.key
alipay='/C=CN/O=测试商户/OU=Alipay/CN=支付宝测试-2088000000000101'
issue application application.key '/C=CN/O=测试商户/OU=Alipay/CN=2021000000000001' \
  "$work/class2" "$work/class2.key" "$end" -days 36300 -set_serial 42510712093853861310
issue alipay alipay.key "$alipay" "$work/class2" "$work/class2.key" "$end" -days 36300
issue next alipay-next.key "$alipay" "$work/class2" "$work/class2.key" "$end" -days 36300
issue expired alipay.key "$alipay" "$work/class2" "$work/class2.key" "$end" -days 1
issue foreign-end alipay.key "$alipay" "$work/foreign2" "$work/class2.key" "$end" -days 36300
cp "$work/application" application.pem
cat "$work/alipay" "$work/class2" >alipay.pem
cat "$work/next" "$work/class2" >alipay-next.pem
cat "$work/expired" "$work/class2" >alipay-expired.pem
cat "$work/foreign-end" "$work/foreign2" >alipay-foreign.pem
openssl pkey -in alipay.key -pubout -out alipay.pub
