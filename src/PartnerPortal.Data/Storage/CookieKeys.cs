using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace PartnerPortal.Data.Storage;

/// <summary>
/// Seals the keys that protect cookies before they go into the database, which would otherwise hold them for everyone who can read it.
/// Under another key the framework makes new ones: people sign in again, nothing else is lost.
/// </summary>
internal sealed class CookieKeySealer(KeyFile key) : IXmlEncryptor
{
    internal const string Place = "cookie key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var sealedText = new FieldCipher(key).Seal(plaintextElement.ToString(SaveOptions.DisableFormatting), Place);
        return new(new XElement("sealed", Convert.ToBase64String(sealedText)), typeof(CookieKeyOpener));
    }
}

/// <summary>Opens them; made by the framework, which knows its name from the stored key.</summary>
internal sealed class CookieKeyOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<FieldCipher>().Open(Convert.FromBase64String(encryptedElement.Value), CookieKeySealer.Place));
}
