// What of libcrypto takes more than one call: keys from their numbers, keys from
// PEM, signatures, one-shot decryption. Each answers 0 or NULL when it can't.
#pragma once
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <string.h>

static inline EVP_PKEY *_Nullable bellwether_key_from(
    const char *_Nonnull type, OSSL_PARAM_BLD *_Nonnull builder)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    return key;
}

/// A key on one of NIST's curves; `group` is libcrypto's name, such as `prime256v1`.
static inline EVP_PKEY *_Nullable bellwether_ecdsa_key(
    const char *_Nonnull group, const uint8_t *_Nonnull point, size_t point_count,
    const uint8_t *_Nonnull scalar, size_t scalar_count)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    BIGNUM *secret = BN_bin2bn(scalar, (int)scalar_count, NULL);
    if (builder != NULL && secret != NULL
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0)
        && OSSL_PARAM_BLD_push_octet_string(
            builder, OSSL_PKEY_PARAM_PUB_KEY, point, point_count)
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret))
        key = bellwether_key_from("EC", builder);
    BN_clear_free(secret);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

typedef struct {
    const uint8_t *_Nonnull bytes;
    size_t count;
} bellwether_number;

/// An RSA key of OpenSSH's six numbers. The exponents of the two primes are worked
/// out, for OpenSSH doesn't store them.
static inline EVP_PKEY *_Nullable bellwether_rsa_key(
    bellwether_number n, bellwether_number e, bellwether_number d,
    bellwether_number coefficient, bellwether_number p, bellwether_number q)
{
    static const char *const names[] = {
        OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
        OSSL_PKEY_PARAM_RSA_COEFFICIENT1, OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2,
    };
    const bellwether_number given[] = {n, e, d, coefficient, p, q};
    BIGNUM *numbers[8] = {NULL};
    EVP_PKEY *key = NULL;
    BN_CTX *scratch = BN_CTX_new();
    BIGNUM *less = BN_new();
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    int good = scratch != NULL && less != NULL && builder != NULL;
    for (int i = 0; i < 6 && good; i++) {
        numbers[i] = BN_bin2bn(given[i].bytes, (int)given[i].count, NULL);
        good = numbers[i] != NULL;
    }
    for (int i = 6; i < 8 && good; i++) {
        numbers[i] = BN_new();
        good = numbers[i] != NULL && BN_sub(less, numbers[i - 2], BN_value_one())
            && !BN_is_zero(less) && BN_mod(numbers[i], numbers[2], less, scratch);
    }
    for (int i = 0; i < 8 && good; i++)
        good = OSSL_PARAM_BLD_push_BN(builder, names[i], numbers[i]);
    if (good) key = bellwether_key_from("RSA", builder);
    for (int i = 0; i < 8; i++) BN_clear_free(numbers[i]);
    BN_clear_free(less);
    BN_CTX_free(scratch);
    OSSL_PARAM_BLD_free(builder);
    return key;
}

typedef struct {
    const char *_Nullable passphrase;
    size_t count;
    int was_asked;
} bellwether_passphrase;

static inline int bellwether_give_passphrase(
    char *_Nonnull buffer, int size, int writing, void *_Nonnull context)
{
    bellwether_passphrase *given = (bellwether_passphrase *)context;
    (void)writing;
    given->was_asked = 1;
    if (given->passphrase == NULL || given->count > (size_t)size) return -1;
    memcpy(buffer, given->passphrase, given->count);
    return (int)given->count;
}

/// A key of a PEM file, with or without a passphrase; says whether one was needed.
static inline EVP_PKEY *_Nullable bellwether_pem_key(
    const uint8_t *_Nonnull bytes, size_t count, bellwether_passphrase *_Nonnull passphrase)
{
    BIO *source = BIO_new_mem_buf(bytes, (int)count);
    if (source == NULL) return NULL;
    EVP_PKEY *key
        = PEM_read_bio_PrivateKey(source, NULL, bellwether_give_passphrase, passphrase);
    BIO_free(source);
    ERR_clear_error();
    return key;
}

/// Signs with a digest, or without one for ed25519. `count` goes in as the room in
/// `signature` and comes out as what was used.
static inline int bellwether_sign(
    EVP_PKEY *_Nonnull key, const EVP_MD *_Nullable digest, const uint8_t *_Nonnull message,
    size_t message_count, uint8_t *_Nonnull signature, size_t *_Nonnull count)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = context != NULL && EVP_DigestSignInit(context, NULL, digest, NULL, key) == 1
        && EVP_DigestSign(context, signature, count, message, message_count) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

/// Decrypts whole blocks; `out` has room for as many bytes as come in.
static inline int bellwether_decrypt(
    const EVP_CIPHER *_Nonnull cipher, const uint8_t *_Nonnull key,
    const uint8_t *_Nonnull vector, const uint8_t *_Nonnull in, int count,
    uint8_t *_Nonnull out)
{
    int written = 0, last = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int good = context != NULL && EVP_DecryptInit_ex(context, cipher, NULL, key, vector) == 1
        && EVP_CIPHER_CTX_set_padding(context, 0) == 1
        && EVP_DecryptUpdate(context, out, &written, in, count) == 1
        && EVP_DecryptFinal_ex(context, out + written, &last) == 1
        && written + last == count;
    EVP_CIPHER_CTX_free(context);
    ERR_clear_error();
    return good;
}

/// One of a key's numbers, big-endian, such as `n` of an RSA key; 0 when it has none
/// or when it is longer than `room`.
static inline size_t bellwether_key_number(
    EVP_PKEY *_Nonnull key, const char *_Nonnull name, uint8_t *_Nonnull out, size_t room)
{
    BIGNUM *number = NULL;
    size_t count = 0;
    if (EVP_PKEY_get_bn_param(key, name, &number) == 1 && (size_t)BN_num_bytes(number) <= room)
        count = (size_t)BN_bn2bin(number, out);
    BN_free(number);
    ERR_clear_error();
    return count;
}
