using System.Security.Cryptography;
using System.Text;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// Encrypts single fields with AES-256-GCM (NIST SP 800-38D). Where the field belongs goes into the seal,
/// so that a ciphertext that was moved to another row or column cannot be opened there.
/// </summary>
public sealed class FieldCipher(KeyFile key)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // Not the key itself: other uses of it shall never meet the same nonces.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Key, 32, info: "portal field 1"u8.ToArray());

    /// <summary>Seals a text.</summary>
    /// <param name="plain">The secret.</param>
    /// <param name="place">Where it belongs, as <c>metric source 0198… headers</c>; needed again to open it.</param>
    public byte[] Seal(string plain, string place)
    {
        var text = Encoding.UTF8.GetBytes(plain);
        var sealedText = new byte[1 + NonceLength + TagLength + text.Length];
        sealedText[0] = Version;
        var nonce = sealedText.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, text, sealedText.AsSpan(1 + NonceLength + TagLength), sealedText.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(place));
        return sealedText;
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">Another key, another place, or changed bytes.</exception>
    public string Open(ReadOnlySpan<byte> sealedText, string place)
    {
        if (sealedText.Length < 1 + NonceLength + TagLength || sealedText[0] != Version)
        {
            throw new CryptographicException("This is not a sealed field.");
        }

        var plain = new byte[sealedText.Length - 1 - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(sealedText.Slice(1, NonceLength), sealedText[(1 + NonceLength + TagLength)..], sealedText.Slice(1 + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }
}
