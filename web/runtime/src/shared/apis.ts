// The JS APIs by who answers them. The host tells each program at boot (Env.apis), so that a host that can do more, or less,
// needs no other worker.

const names = (text: string): string[] => text.trim().split(/\s+/);

/** Passed to the host with the program's options as they are, answered as the host answers. */
export const HOSTED = names(`
  showToast hideToast showLoading hideLoading showModal showActionSheet setClipboardData getClipboardData makePhoneCall vibrateShort
  vibrateLong getNetworkType previewImage chooseImage chooseMedia getImageInfo scanCode login checkSession getUserInfo getUserProfile
  getPlusStatus authorize getSetting openSetting getPrivacySetting openPrivacyContract requirePrivacyAuthorize navigateToMiniProgram`);

/**
 * What programs know from other platforms and this one does not have. Each is there and fails at once, so that what waits for
 * it goes on; canIUse denies it. Listeners may be added, their event never comes. APIs that return an object (createCanvasContext,
 * getFileSystemManager, …) are not listed: programs ask whether they exist, and an object that does nothing would say yes.
 */
export const ABSENT = names(`
  addCard addPhoneContact authPrivateMessage canvasGetImageData canvasPutImageData canvasToTempFilePath checkIsOpenAccessibility
  checkIsSoterEnrolledInDevice checkIsSupportSoterAuthentication chooseAddress chooseContact chooseInvoice chooseInvoiceTitle
  chooseLicensePlate chooseLocation chooseMessageFile choosePoi chooseVideo closeBLEConnection closeBluetoothAdapter compressImage
  compressVideo createBLEConnection downloadHDImage faceDetect getAvailableAudioSources getBLEDeviceCharacteristics getBLEDeviceServices
  getBackgroundFetchData getBatteryInfo getBeacons getBluetoothAdapterState getBluetoothDevices getConnectedBluetoothDevices
  getConnectedWifi getExtConfig getFileInfo getGroupEnterInfo getLocation getPhoneNumber getSavedFileInfo
  getSavedFileList getScreenBrightness getSelectedTextRange getShareInfo getUserCryptoManager getVideoInfo getWeRunData
  getWifiList hideShareMenuItems loadFontFace navigateBackMiniProgram navigateToBookshelf notifyBLECharacteristicValueChange
  openBluetoothAdapter openCard openChannelsActivity openCustomerServiceChat openDocument openEmbeddedMiniProgram openLocation
  openVideoEditor openAppAuthorizeSetting previewMedia queryBookshelf readBLECharacteristicValue
  removeSavedFile requestOrderPayment requestPayment requestSubscribeMessage reserveChannelsLive saveFile
  saveFileToDisk saveImageToPhotosAlbum saveVideoToPhotosAlbum sendHCEMessage setEnableDebug setInnerAudioOption setKeepScreenOn
  setPageStyle setScreenBrightness setTopBarText setVisualEffectOnCapture setWindowSize shareFileMessage shareImage
  shareVideoMessage showFavoriteGuide showRedPackage showShareImageMenu showShareMenuItems startAccelerometer startBeaconDiscovery
  startBluetoothDevicesDiscovery startCompass startDeviceMotionListening startFacialRecognitionVerify startGyroscope startHCE
  startLocationUpdate startLocationUpdateBackground startLocalServiceDiscovery startRecord startSoterAuthentication startWifi
  stopAccelerometer stopBeaconDiscovery stopBluetoothDevicesDiscovery stopCompass stopDeviceMotionListening stopGyroscope
  stopLocationUpdate stopRecord stopWifi updateShareMenu updateVoIPChatMuteSetting writeBLECharacteristicValue
  onAccelerometerChange onAudioInterruptionBegin onAudioInterruptionEnd onBLECharacteristicValueChange onBLEConnectionStateChange
  onBeaconUpdate onBluetoothAdapterStateChange onBluetoothDeviceFound onCompassChange onDeviceMotionChange onGyroscopeChange
  onKeyboardHeightChange onLocationChange onUserCaptureScreen onWifiConnected`);
