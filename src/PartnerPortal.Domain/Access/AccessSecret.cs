using System.Security.Cryptography;
using System.Text;

namespace PartnerPortal.Domain.Access;

/// <summary>Texts that open a door by themselves: API tokens and links. They are shown once; only their SHA-256 is stored.</summary>
/// <remarks>An unsalted hash is enough, since the text holds at least 190 random bits (OWASP ASVS 5.0, 11.5.1 asks for 128) and cannot be guessed from it.</remarks>
public static class AccessSecret
{
    /// <summary>How every API token begins, so that scanners recognise a leaked one.</summary>
    public const string TokenPrefix = "ppk_";

    /// <summary>How the secret part of every link begins.</summary>
    public const string LinkPrefix = "ppl_";

    /// <summary>Fewest characters after the prefix.</summary>
    public const int Shortest = 32;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new secret: the prefix and 40 random letters and digits (238 bits).</summary>
    public static string Make(string prefix) => prefix + RandomNumberGenerator.GetString(Letters, 40);

    /// <summary>Whether a text can be a secret with this prefix: 32 to 200 letters, digits, hyphens and underscores after it.</summary>
    public static bool Fits(string? text, string prefix) =>
        text is not null
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && text.Length - prefix.Length is >= Shortest and <= 200
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>What is stored of it: 32 bytes.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Enough of a secret to tell it from others in a list: the prefix and four characters.</summary>
    public static string Hint(string text) => text[..Math.Min(text.Length, TokenPrefix.Length + 4)] + "…";
}
