using Microsoft.Extensions.Configuration;

namespace PartnerPortal.Data.Storage;

/// <summary>Lets every setting of the portal come from a file, as containers hand secrets out: <c>Portal__Admin__Password_FILE=/run/secrets/admin</c>.</summary>
public static class SecretFiles
{
    private const string Suffix = "_FILE";

    /// <summary>Adds what the environment names in variables that end in <c>_FILE</c>. A file beats a plain variable of the same name.</summary>
    /// <exception cref="FormatException">A file cannot be read; the message names the variable.</exception>
    public static IConfigurationBuilder AddSecretFiles(this IConfigurationBuilder builder)
    {
        var found = new Dictionary<string, string?>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.EndsWith(Suffix, StringComparison.Ordinal)
                && (name.StartsWith("Portal__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)))
            {
                found[name[..^Suffix.Length].Replace("__", ":", StringComparison.Ordinal)] = Read(name, (string?)variable.Value ?? "");
            }
        }

        return builder.AddInMemoryCollection(found);
    }

    private static string Read(string name, string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"{name}: the file {path} cannot be read by '{Environment.UserName}'.", e);
        }
    }
}
