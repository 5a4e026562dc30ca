using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Access;

/// <summary>Seals the keys that protect cookies before they go to the database, so that a copy of the database alone forges no sign-in.</summary>
internal sealed class SealedKeys(FieldCipher cipher) : IXmlEncryptor
{
    internal const string Place = "cookie key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("sealed", Convert.ToBase64String(cipher.Seal(plaintextElement.ToString(SaveOptions.DisableFormatting), Place))),
        typeof(OpenedKeys));
}

/// <summary>Opens what <see cref="SealedKeys"/> sealed. Named in every stored key, so its name and place must not change.</summary>
internal sealed class OpenedKeys(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<FieldCipher>().Open(Convert.FromBase64String(encryptedElement.Value), SealedKeys.Place));
}
