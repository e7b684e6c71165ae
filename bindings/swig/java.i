/* The Java package: text crosses as bytes, since JNI's own strings are not UTF-8; handles as numbers, since the classes
 * above own them. What SWIG makes is private to the package dev.dbosc. */
%module Raw

%pragma(java) moduleclassmodifiers="final class"
%pragma(java) jniclassclassmodifiers="final class"
%pragma(java) jniclasscode=%{
  static {
    NativeLibrary.load();
  }
%}

%{
/* A copy that ends with NUL: null with an exception pending where memory ran out, or for null. */
static char* text_of(JNIEnv* env, jbyteArray bytes) {
  jsize length;
  char* text;
  if (!bytes) return NULL;
  length = (*env)->GetArrayLength(env, bytes);
  text = (char*)malloc((size_t)length + 1);
  if (!text) {
    jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
    if (error) (*env)->ThrowNew(env, error, "a request");
    return NULL;
  }
  (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte*)text);
  text[length] = 0;
  return text;
}

static jbyteArray bytes_of(JNIEnv* env, const char* text) {
  size_t length;
  jbyteArray bytes;
  if (!text) return NULL;
  length = strlen(text);
  if (length > 0x7ffffff0) {
    jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
    if (error) (*env)->ThrowNew(env, error, "a reply beyond 2 GiB");
    return NULL;
  }
  bytes = (*env)->NewByteArray(env, (jsize)length);
  if (bytes) (*env)->SetByteArrayRegion(env, bytes, 0, (jsize)length, (const jbyte*)text);
  return bytes;
}
%}

%typemap(jni) const char* "jbyteArray"
%typemap(jtype) const char* "byte[]"
%typemap(jstype) const char* "byte[]"
%typemap(javain) const char* "$javainput"
%typemap(javaout) const char* { return $jnicall; }
%typemap(in, canthrow=1) const char* %{
  $1 = text_of(jenv, $input);
  if ($input && !$1) return $null;
%}
%typemap(freearg) const char* "free((void*)$1);"
%typemap(out, canthrow=1) const char* "$result = bytes_of(jenv, $1);"

%define HANDLE(TYPE)
%typemap(jni) TYPE*, const TYPE* "jlong"
%typemap(jtype) TYPE*, const TYPE* "long"
%typemap(jstype) TYPE*, const TYPE* "long"
%typemap(javain) TYPE*, const TYPE* "$javainput"
%typemap(javaout) TYPE*, const TYPE* { return $jnicall; }
%typemap(in) TYPE*, const TYPE* "$1 = (TYPE*)(intptr_t)$input;"
%typemap(out) TYPE*, const TYPE* "$result = (jlong)(intptr_t)$1;"
%enddef
HANDLE(raw_outcome)
HANDLE(dbosc_client)
HANDLE(dbosc_cancel)
HANDLE(dbosc_completions)
HANDLE(dbosc_transaction)

%include "dbosc.i"
