using System.Reflection;

namespace PartnerPortal.Domain.Access;

/// <summary>What a password must be: 8 to 128 characters and not one that everybody tries first. No rules about kinds of characters, no expiry (NIST SP 800-63B, 5.1.1.2; OWASP ASVS 5.0, 6.2).</summary>
public static class PasswordRule
{
    /// <summary>Fewest characters.</summary>
    public const int Shortest = 8;

    /// <summary>Most characters.</summary>
    public const int Longest = 128;

    private static readonly Lazy<HashSet<string>> Common = new(ReadCommon);

    /// <summary>Why a password is refused, as the sentence beside its field; null when it is good.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="context">Words that an attacker tries: the mail address, the person's name.</param>
    public static string? Refusal(string? password, params IEnumerable<string?> context)
    {
        if (password is null || password.Length < Shortest)
        {
            return $"Choose a password of at least {Shortest} characters; three or four words are easy to remember.";
        }

        if (password.Length > Longest)
        {
            return $"At most {Longest} characters fit.";
        }

        if (password.Distinct().Count() < 4 || IsRun(password))
        {
            return "This password is a pattern that is guessed at once. Choose another.";
        }

        var core = Core(password);
        if (Common.Value.Contains(password.ToLowerInvariant()) || Common.Value.Contains(core))
        {
            return "This password is among those that are tried first. Choose another.";
        }

        return Parts(context).Any(part => part == core || (core.Length > 0 && core.Length <= part.Length && part.Contains(core, StringComparison.Ordinal)))
            ? "This password is made of your name, your address or this product. Choose another."
            : null;
    }

    // What is left of Passw0rd!23 is "password": digits and signs around a common word help nobody.
    private static string Core(string password)
    {
        var letters = password.ToLowerInvariant().TrimEnd("0123456789!?.,;:*#$%&+-_=@ ".ToCharArray()).TrimStart("0123456789!?.,;:*#%&+-_= ".ToCharArray());
        return new([.. letters.Select(c => c switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => c }).Where(char.IsLetterOrDigit)]);
    }

    private static bool IsRun(string password)
    {
        var steps = password.Zip(password.Skip(1), (a, b) => b - a).Distinct().ToList();
        return steps.Count == 1 && Math.Abs(steps[0]) <= 1;
    }

    private static IEnumerable<string> Parts(IEnumerable<string?> context) => context.Append("partnerportal").Append("partner portal")
        .OfType<string>()
        .SelectMany(text => text.Split(['@', '.', ' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries).Append(text))
        .Select(text => Core(text.ToLowerInvariant()))
        .Where(text => text.Length >= 3);

    private static HashSet<string> ReadCommon()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("PartnerPortal.Domain.Access.common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries)];
    }
}
