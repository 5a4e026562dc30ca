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
    private const int NameLength = 8;
    private const int Head = 1 + NameLength;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    // Not the key itself: other uses of it shall never meet the same nonces.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Key, 32, info: "portal field 1"u8.ToArray());

    // Which key it was stands in front of every sealed field, so that a wrong one is noticed at the start and not at the first use.
    private readonly byte[] _name = Convert.FromHexString(key.Fingerprint);

    /// <summary>Seals a text.</summary>
    /// <param name="plain">The secret.</param>
    /// <param name="place">Where it belongs, as <c>metric source 0198… headers</c>; needed again to open it.</param>
    public byte[] Seal(string plain, string place)
    {
        var text = Encoding.UTF8.GetBytes(plain);
        var sealedText = new byte[Head + NonceLength + TagLength + text.Length];
        sealedText[0] = Version;
        _name.CopyTo(sealedText, 1);
        var nonce = sealedText.AsSpan(Head, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, text, sealedText.AsSpan(Head + NonceLength + TagLength), sealedText.AsSpan(Head + NonceLength, TagLength), Encoding.UTF8.GetBytes(place));
        return sealedText;
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">Another key, another place, or changed bytes.</exception>
    public string Open(ReadOnlySpan<byte> sealedText, string place)
    {
        if (sealedText.Length < Head + NonceLength + TagLength || sealedText[0] != Version)
        {
            throw new CryptographicException("This is not a sealed field.");
        }

        if (!sealedText[1..Head].SequenceEqual(_name))
        {
            throw new CryptographicException($"This field was sealed with the key {Convert.ToHexStringLower(sealedText[1..Head])}, not with {key.Fingerprint}.");
        }

        var plain = new byte[sealedText.Length - Head - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(sealedText.Slice(Head, NonceLength), sealedText[(Head + NonceLength + TagLength)..], sealedText.Slice(Head + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }
}
